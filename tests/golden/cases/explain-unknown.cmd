explain PC1O1
