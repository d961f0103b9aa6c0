explain clock-in-prefx
